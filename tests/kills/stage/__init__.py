"""What a test of kills stands on: servers, two gateways as processes, clients that never give up, the verdict."""
