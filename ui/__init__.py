"""What the pages share: scope, language, formats, charts, tables and badges."""
