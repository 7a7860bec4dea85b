"""The commands, by what they are about; `curriplan.cli.app` puts them together."""
