"""Claims: "Table 2, row 3" tied to a cell, or to a part of what it shows, with a verdict of its own."""
