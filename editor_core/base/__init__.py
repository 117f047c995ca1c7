"""What everything stands on: errors, settings, paths, logs, start-up. Nothing here knows of pictures or models."""
