using Understudy.Common;

namespace Understudy.Tests.Common;

public sealed class HumanTests
{
    [Theory]
    [InlineData(0, "0 threads")]
    [InlineData(1, "1 thread")]
    [InlineData(2, "2 threads")]
    [InlineData(1234, "1,234 threads")]
    public void Count_OfANoun_HasItsPlural(int n, string text) => Assert.Equal(text, Human.Count(n, "thread"));

    [Theory]
    [InlineData("a b.png", "a b.png")]
    [InlineData("\u001b[2Jx\u0007", @"\x1b[2Jx\x07")]
    [InlineData("\u009b1mgrün\t→", "\\x9b1mgrün\t→")]
    [InlineData("two\nlines\u007f", "two\nlines\\x7f")]
    [InlineData("back\rover", "back\nover")]
    public void Visible_ControlCharacters_AreShownAndNotObeyed(string text, string shown) =>
        Assert.Equal(shown, Human.Visible(text));

    [Fact]
    public void Short_LongText_EndsWhereItWasCut()
    {
        Assert.Equal("two lines", Human.Short("two\nlines"));
        Assert.Equal(new string('x', 160), Human.Short(new string('x', 160)));
        Assert.Equal(new string('x', 160) + "…", Human.Short(new string('x', 161)));
    }
}
