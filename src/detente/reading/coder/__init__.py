"""An optional second reader: a language model that the user names, asked about sentences, never believed unchecked."""
