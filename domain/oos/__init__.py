"""Results out of specification or trend: they block what rests on them until they are resolved with cause."""
