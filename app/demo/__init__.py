"""The roof: invented people with three terms behind them, so that every screen has life in it. Never in production."""
