//! Guards, each asked of the act that it refuses and of one beside it that it lets in.
