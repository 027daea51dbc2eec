// The layer PortableExecutable begins here.
