raise RuntimeError("these models never load")
