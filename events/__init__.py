"""What has happened, and its proof: bytes, hashes, signatures. Pure, and in need of no other room."""
