"""What may be said about any matter: answers, corrections, links of batches; notes and questions of the partner."""
