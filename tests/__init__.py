"""Tests: what the product promises, each as a sentence."""
