"""Papers of a decision on screen: uploaded, looked at, downloaded, withdrawn; and its service."""
