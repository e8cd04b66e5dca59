"""Files over HTTP: taken in and handed out piece by piece, resumable both ways, never looked into."""
