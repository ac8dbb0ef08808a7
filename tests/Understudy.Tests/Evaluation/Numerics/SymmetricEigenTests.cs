using Understudy.Evaluation.Numerics;

namespace Understudy.Tests.Evaluation.Numerics;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(96)]
    public void Of_ARandomMatrix_IsDiagonalInItsVectors(int n) =>
        Verify(Pairs.Products(Draws.Normal(n, n + 3, 1), Draws.Normal(n, n + 3, 1)));

    [Fact]
    public void Of_LowRank_HasZerosAndOrthogonalVectors()
    {
        var x = Draws.Normal(40, 3, 1);
        var eigen = Verify(Pairs.Products(x, x));
        Assert.All(eigen.Values[..37], v => Assert.Equal(0, v, 1e-12));
        Assert.All(eigen.Values[37..], v => Assert.True(v > 1));
    }

    [Fact]
    public void Of_Special_IsExact()
    {
        Verify(new Matrix(5, 5));
        var identity = new Matrix(4, 4);
        for (int i = 0; i < 4; i++) identity[i, i] = 3;
        Assert.Equal([3, 3, 3, 3], Verify(identity).Values);
        // Second differences: 2 − 2 cos(kπ/(n+1)).
        var chain = new Matrix(30, 30);
        for (int i = 0; i < 30; i++)
        {
            chain[i, i] = 2;
            if (i > 0) chain[i, i - 1] = chain[i - 1, i] = -1;
        }
        var values = Verify(chain).Values;
        for (int k = 1; k <= 30; k++) Assert.Equal(2 - 2 * Math.Cos(k * Math.PI / 31), values[k - 1], 1e-13);
    }

    [Fact]
    public void Of_ValuesFrom1ToBelow1En20_KeepsTheNorm()
    {
        var graded = new Matrix(24, 24);
        var x = Draws.Normal(24, 24, 3);
        for (int i = 0; i < 24; i++)
        {
            for (int j = 0; j < 24; j++) graded[i, j] = (x[i][j] + x[j][i]) * Math.Pow(10, -(i + j) / 2.0);
        }
        Verify(graded);
    }

    [Fact]
    public void Of_NotFinite_StopsInsteadOfTurningForever()
    {
        var broken = new Matrix(3, 3);
        broken[0, 1] = broken[1, 0] = double.NaN;
        Assert.Throws<ArithmeticException>(() => SymmetricEigen.Of(broken));
    }

    /// <summary>A·v = λ·v, vᵀ·v = 1 and 0 otherwise, ascending, and the same values without vectors.</summary>
    private static SymmetricEigen Verify(Matrix a)
    {
        var eigen = SymmetricEigen.Of(a);
        var size = Math.Max(1e-300, eigen.Values.Max(Math.Abs));
        for (int i = 0; i < a.Count; i++)
        {
            for (int j = 0; j < a.Count; j++)
            {
                Assert.Equal(eigen.Values[i] * eigen.Vectors![i, j], Line.Dot(a.Row(j), eigen.Vectors.Row(i)), 1e-13 * size);
                Assert.Equal(i == j ? 1 : 0, Line.Dot(eigen.Vectors.Row(i), eigen.Vectors.Row(j)), 1e-13);
            }
        }
        Assert.Equal(eigen.Values.Order(), eigen.Values);
        Assert.Equal(eigen.Values, SymmetricEigen.Of(a, vectors: false).Values);
        return eigen;
    }
}
