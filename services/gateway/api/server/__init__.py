"""The HTTP server: uvicorn with bounds on what a connection may take of time and room, and on how many there are."""
