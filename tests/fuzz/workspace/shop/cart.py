from shop.tax import tax


def total(amount):
    return amount + tax(amount)
