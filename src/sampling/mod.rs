//! Temperature, top-k, top-p and counter-based Gumbel-max sampling.
