"""The rows of each sheet as plain records, without any Excel."""
