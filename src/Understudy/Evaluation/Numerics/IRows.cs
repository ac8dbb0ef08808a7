namespace Understudy.Evaluation.Numerics;

/// <summary>A table read row by row in float64, whatever it is stored in.</summary>
internal interface IRows
{
    int Count { get; }

    int Dimension { get; }

    /// <summary>Writes the row's numbers; <paramref name="destination"/> may be longer.</summary>
    void Load(int row, Span<double> destination);
}

/// <summary>Rows of float64 numbers, row-major.</summary>
internal sealed class Matrix(double[] values, int columns) : IRows
{
    public Matrix(int rows, int columns) : this(new double[rows * columns], columns) { }

    public double[] Values => values;

    public int Count => values.Length / columns;

    public int Dimension => columns;

    public ref double this[int row, int column] => ref values[row * columns + column];

    public Span<double> Row(int row) => values.AsSpan(row * columns, columns);

    public void Load(int row, Span<double> destination) => Row(row).CopyTo(destination);

    /// <summary>Forces exact symmetry: rounding may have left the halves a last bit apart.</summary>
    public Matrix Symmetrize()
    {
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < i; j++) this[i, j] = this[j, i] = (this[i, j] + this[j, i]) / 2;
        }
        return this;
    }
}
