"""The world outside two gateways, made of memory and numbers: time, a broker with its network, disks that fail."""
