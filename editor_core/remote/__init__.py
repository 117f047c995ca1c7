"""The work on another process or another computer: sessions that look from here like the one in this process."""
