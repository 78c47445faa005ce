"""The main job on synthetic data, by joinedup and by what an analyst would use instead: same data, same answer."""
