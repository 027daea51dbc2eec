// The layer DriverBuild begins here.
