"""Words: translation, how numbers and money are written, and which text can be stored."""
