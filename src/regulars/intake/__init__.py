"""What a workspace does with deliveries: ``imports`` loads one file, ``deliveries`` several."""
