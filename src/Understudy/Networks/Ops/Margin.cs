namespace Understudy.Networks.Ops;

/// <summary>Zeros around an image in the order of the papers' code: left, right, above, below; negative values crop.</summary>
internal readonly record struct Margin(long X0, long X1, long Y0, long Y1)
{
    /// <summary>The same on all four sides.</summary>
    public static Margin All(long p) => new(p, p, p, p);

    public bool IsSymmetric => X0 == X1 && Y0 == Y1;

    public Margin Plus(long x0, long x1, long y0, long y1) => new(X0 + x0, X1 + x1, Y0 + y0, Y1 + y1);
}
