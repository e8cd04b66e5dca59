"""What two gateways conclude, how they notice that they differ, and how rows are built anew."""
