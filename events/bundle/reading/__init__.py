"""Reading a bundle that somebody handed over: an archive that may lie about everything, and never touches a disk."""
