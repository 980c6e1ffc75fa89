"""Method trials: which way of reaching people works better, found out fairly and said with its uncertainty."""
