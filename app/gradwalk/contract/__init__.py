"""The contract: models of the snapshot and of every answer that recorder, server, client and page exchange."""
