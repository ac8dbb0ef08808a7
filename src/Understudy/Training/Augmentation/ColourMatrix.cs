namespace Understudy.Training.Augmentation;

/// <summary>
/// A 3×4 matrix on (r, g, b, 1), in [−1, 1]; steps are applied one after the other. The grey axis is (1, 1, 1)/√3.
/// </summary>
internal sealed class ColourMatrix
{
    private double[,] _m = { { 1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, 0, 1, 0 } };

    public double this[int row, int column] => _m[row, column];

    public void Brighten(double by)
    {
        for (int i = 0; i < 3; i++) _m[i, 3] += by;
    }

    public void Scale(double by) => Then(by, 0, 0);

    /// <summary>Turns lightness upside down: I − 2vvᵀ.</summary>
    public void FlipLuma() => Then(1, -2, 0);

    /// <summary>Turns about the grey axis (Rodrigues).</summary>
    public void TurnHue(double angle) => Then(Math.Cos(angle), 1 - Math.Cos(angle), Math.Sin(angle));

    /// <summary>Moves away from the grey axis: vvᵀ + (I − vvᵀ)·s.</summary>
    public void Saturate(double by) => Then(by, 1 - by, 0);

    // Multiplies by identity·I + axis·vvᵀ + cross·[v]× from the left.
    private void Then(double identity, double axis, double cross)
    {
        var next = new double[3, 4];
        var v = 1 / Math.Sqrt(3);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                var turn = i == j ? 0 : (j - i + 3) % 3 == 1 ? -v : v;
                var factor = (i == j ? identity : 0) + axis / 3 + cross * turn;
                for (int k = 0; k < 4; k++) next[i, k] += factor * _m[j, k];
            }
        }
        _m = next;
    }
}
