namespace Understudy.Training.Augmentation;

/// <summary>A plane's affine map on columns (x, y, 1): x right, y down, the image's centre at the origin.</summary>
internal readonly record struct Affine(double A, double B, double X, double C, double D, double Y)
{
    public static Affine Identity { get; } = new(1, 0, 0, 0, 1, 0);

    public static Affine Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    public static Affine Translate(double x, double y) => new(1, 0, x, 0, 1, y);

    public static Affine Rotate(double angle)
    {
        var (sin, cos) = Math.SinCos(angle);
        return new(cos, -sin, 0, sin, cos, 0);
    }

    public (double X, double Y) Apply(double x, double y) => (A * x + B * y + X, C * x + D * y + Y);

    /// <summary>The right one first.</summary>
    public static Affine operator *(Affine l, Affine r) => new(
        l.A * r.A + l.B * r.C, l.A * r.B + l.B * r.D, l.A * r.X + l.B * r.Y + l.X,
        l.C * r.A + l.D * r.C, l.C * r.B + l.D * r.D, l.C * r.X + l.D * r.Y + l.Y);
}
