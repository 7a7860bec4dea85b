"""The commands, by what they are about; `curriplan.cli` puts them together."""
