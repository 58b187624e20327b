"""The start of the service: settings read, database made, pack and plans loaded, port served."""
