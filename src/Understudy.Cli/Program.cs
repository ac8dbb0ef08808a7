Console.WriteLine("understudy");
