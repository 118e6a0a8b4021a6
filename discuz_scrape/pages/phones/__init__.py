"""Pages for phones: the touch template (`touch`, `mobile=2`) and the one before it (`mobile`, `mobile=1`)."""
