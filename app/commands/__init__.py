"""The commands of `playground`. Heavy imports stand where they are needed, so that help comes at once."""
