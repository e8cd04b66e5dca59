"""What a gateway keeps: plain values that pass between the engine and whatever stores them."""
