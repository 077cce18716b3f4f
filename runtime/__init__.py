"""What every process needs: settings, the Temporal client, telemetry, health and an orderly life."""
