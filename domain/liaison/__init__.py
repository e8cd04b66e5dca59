"""The person who connects the manufacturer's quality management with the holder's."""
