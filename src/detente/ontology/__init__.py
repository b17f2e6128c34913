"""The tables that reading rests on, and their look-ups. Tables are TSV files in `data/`, each row with its source."""
