"""The models on this machine: found in watched folders, told apart by their headers, and fetched where asked."""
