"""Digital signatures on papers: who may sign with what, signing, and telling whether a signature holds."""
