"""From readings to figures; titles and alternative texts come in as arguments."""
