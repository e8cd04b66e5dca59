"""Drug batches from their authorisation to the market: made by the manufacturer, released by the QP of each side."""
