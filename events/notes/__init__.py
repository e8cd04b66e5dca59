"""Keys, signed notes and cosignatures, as C2SP writes them down."""
