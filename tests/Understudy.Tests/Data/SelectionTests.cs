using Understudy.Common;
using Understudy.Data;

namespace Understudy.Tests.Data;

public sealed class SelectionTests : IDisposable
{
    private const string Plain = "source,id,label,weight,reason\n";
    private const string Soft = "source,id,label,weight,reason,p:happy,\"p:sad, or so\"\n";

    private static readonly ClassNames s_classes = new(["happy", "sad, or so"]);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void SaveAndLoad_RowsOfEveryKind_AreTheSame()
    {
        SelectedImage[] rows = [new("real", "a", 0), new("drawn", "b,\"c\"", 1, 1 / 3.0, "relabelled from happy")];
        Assert.Equal(rows, RoundTrip(rows));

        // One row with probabilities gives every row some: those of its class.
        var soft = RoundTrip([.. rows, new("real", "d", 1, 2, "", [.1f, .9f])]);
        Assert.Equal(new float[][] { [1, 0], [0, 1], [.1f, .9f] }, soft.Select(r => r.Soft!));
        Assert.Equal(rows, soft.Take(2).Select(r => r with { Soft = null }));
    }

    [Theory]
    [InlineData(2, 1, null, "has label 2; the classes are 0 to 1")]
    [InlineData(-1, 1, null, "has label -1; the classes are 0 to 1")]
    [InlineData(0, 0, null, "has weight 0; give a number above 0")]
    [InlineData(0, double.NaN, null, "has weight NaN; give a number above 0")]
    [InlineData(0, double.PositiveInfinity, null, "has weight Infinity; give a number above 0")]
    [InlineData(0, 1, new[] { 1f }, "has 1 probabilities of sum 1; give one per class (2), together 1")]
    [InlineData(0, 1, new[] { .5f, .4f }, "has 2 probabilities of sum 0.9; give one per class (2), together 1")]
    [InlineData(0, 1, new[] { 1.5f, -.5f },
        "has 2 probabilities of sum 1, some of them below 0; give one per class (2), together 1")]
    [InlineData(0, 1, new[] { float.NaN, 1f }, "has 2 probabilities of sum NaN; give one per class (2), together 1")]
    public void Construction_ARowThatTeachesNothing_IsNamed(int label, double weight, float[]? soft, string fault) =>
        Assert.Equal($"selection: image 'x' {fault}", Assert.Throws<OptionException>(() =>
            new Selection(s_classes, [new("real", "a", 0), new("real", "x", label, weight, "", soft)])).Message);

    [Theory]
    [InlineData(Plain + "real,x,happy,NaN,\n", "2: image 'x' has weight NaN; give a number above 0")]
    [InlineData(Plain + "real,a,happy,1,\nreal,x,happy,-1,\n", "3: image 'x' has weight -1; give a number above 0")]
    [InlineData(Plain + "real,x,angry,1,\n", "2: 'real,x,angry,1,' needs 5 fields, a class of [")]
    [InlineData("source,id,label,weight\n", "1: the header must be source,id,label,weight,reason, then p:<class>")]
    [InlineData(Soft + "real,x,happy,1,,0.5,2\n", "2: '2' is not a probability between 0 and 1")]
    [InlineData(Soft + "real,x,happy,1,,0.5,NaN\n", "2: 'NaN' is not a probability between 0 and 1")]
    [InlineData(Soft + "real,x,happy,1,,0.5,0.2\n", "2: image 'x' has 2 probabilities of sum 0.7; ")]
    public void Load_AFaultyLine_IsNamed(string text, string fault)
    {
        File.WriteAllText(_temp["s.csv"], text);
        var e = Assert.Throws<InvalidDataException>(() => Selection.Load(_temp["s.csv"], s_classes));
        Assert.StartsWith($"{_temp["s.csv"]}:{fault}", e.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<SelectedImage> RoundTrip(SelectedImage[] rows)
    {
        new Selection(s_classes, rows).Save(_temp["s.csv"]);
        return Selection.Load(_temp["s.csv"], s_classes).Rows;
    }
}
