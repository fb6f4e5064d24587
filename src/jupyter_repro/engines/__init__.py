"""Where many independent calls run: processes of this machine, a Dask cluster, or what a package brings."""
