"""The papers' protocols: public sets of examples read, methods run on them, figures and pages written."""
