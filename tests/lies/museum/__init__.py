"""The museum: good and bad samples as plain data, with the code that each must get and a sentence that says why."""
